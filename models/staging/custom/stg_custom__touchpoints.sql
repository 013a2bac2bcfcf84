{{ stage('custom', 'touchpoints') }}
