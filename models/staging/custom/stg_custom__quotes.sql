{{ stage('custom', 'quotes') }}
