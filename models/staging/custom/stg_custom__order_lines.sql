{{ stage('custom', 'order_lines') }}
